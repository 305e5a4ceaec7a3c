/* The framework's own words, in French.
 *
 * It has no setting for its language, so the few texts that it writes itself are replaced as
 * they appear: whole texts only, and never in what the pages write (.stHtml).
 */
"use strict";

(function () {
  const WORDS = {
    "Skip to main content": "Aller au contenu",
    "Upload": "Choisir un fichier",
    "file upload": "Choisir un fichier",
    "Drag and drop file here": "Glissez un fichier ici",
    "Drag and drop a file here": "Glissez un fichier ici",
    "Drag and drop files here": "Glissez des fichiers ici",
    "Browse files": "Choisir un fichier",
    "Upload failed": "L'envoi a échoué",
    "Add files": "Ajouter un fichier",
    "Clear all": "Tout effacer",
    "Clear value": "Effacer",
    "Select all": "Tout choisir",
    "Search": "Chercher",
    "No results": "Aucun résultat",
    "Choose an option": "Choisissez",
    "Choose options": "Choisissez",
    "Open": "Ouvrir",
    "Close": "Fermer",
    "Copy to clipboard": "Copier",
    "Copied": "Copié",
    "Fullscreen": "Plein écran",
    "Close fullscreen": "Quitter le plein écran",
    "Download as CSV": "Télécharger (CSV)",
    "Show/hide columns": "Choisir les colonnes",
    "Sort column ascending": "Trier par ordre croissant",
    "Sort column descending": "Trier par ordre décroissant",
    "Sort ascending": "Trier par ordre croissant",
    "Sort descending": "Trier par ordre décroissant",
    "Autosize": "Ajuster la largeur",
    "Pin column": "Épingler la colonne",
    "Unpin column": "Détacher la colonne",
    "Hide column": "Masquer la colonne",
    "Format": "Format",
    "Statistics": "Statistiques",
    "Expand sidebar": "Ouvrir le menu",
    "Collapse sidebar": "Fermer le menu",
    "Sidebar": "Menu",
    "Link to heading": "Lien vers ce titre",
    "Press Enter to apply": "Entrée pour valider",
    "Press Enter to submit form": "Entrée pour envoyer",
    "Increment value": "Augmenter",
    "Decrement value": "Diminuer",
    "Page not found": "Page introuvable",
    "Connection error": "Connexion perdue",
    "Connecting": "Connexion…",
    "Running...": "En cours…",
    "Stop": "Arrêter",
  };
  const PATTERNS = [
    [/^Help for (.+)$/s, "Aide : $1"],
    [/^Remove (.+)$/s, "Retirer : $1"],
    [/^Delete (.+)$/s, "Retirer : $1"],
    [/^(\d+) options? available\.$/, "$1 choix."],
    [/^(\d+) more$/, "$1 de plus"],
    [/^(?:Limit )?(\d+)MB per file(.*)$/s, "$1 Mo par fichier$2"],
  ];
  const NAMES = ["aria-label", "title", "placeholder", "alt"];
  const OURS = ".stHtml, [data-testid=stHtml], script, style, code";

  function french(text) {
    const bare = text.trim();
    if (Object.hasOwn(WORDS, bare)) return text.replace(bare, () => WORDS[bare]);
    for (const [pattern, words] of PATTERNS) {
      if (pattern.test(bare)) return bare.replace(pattern, words);
    }
    return text;
  }
  function attributes(element) {
    for (const name of NAMES) {
      const value = element.getAttribute(name);
      if (value && french(value) !== value) element.setAttribute(name, french(value));
    }
  }
  function text(node) {
    if (node.parentElement && !node.parentElement.closest(OURS)) {
      const words = french(node.data);
      if (words !== node.data) node.data = words;
    }
  }
  function all(root) {
    if (root.nodeType === Node.TEXT_NODE) return text(root);
    if (root.nodeType !== Node.ELEMENT_NODE || root.closest(OURS)) return undefined;
    const walk = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node = root; node; node = walk.nextNode()) {
      if (node.nodeType === Node.TEXT_NODE) text(node);
      else attributes(node);
    }
    return undefined;
  }

  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "childList") change.addedNodes.forEach(all);
      else if (change.type === "characterData") text(change.target);
      else attributes(change.target);
    }
  }).observe(document.documentElement, {
    childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: NAMES,
  });
  all(document.documentElement);
})();
