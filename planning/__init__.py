"""What should be: siting, allocation and mobile tours, usable without a screen."""
