"""The planner's explorer: any measure, at any level, of any part of the country."""
