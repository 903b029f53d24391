// The words that paper must show of what is not left out there: headings, the first and last row of each table, the end of the page.
(() => {
  const words = new Set();
  const take = (element) => {
    const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const parent = texts.currentNode.parentElement;
      if (!parent.checkVisibility() || parent.closest(".unseen, summary, .skip, script")) continue;
      for (const word of texts.currentNode.textContent.split(/\s+/)) if (/^[\x21-\x2c\x2e-\x7e]{2,14}$/.test(word)) words.add(word);
    }
  };
  document.querySelectorAll("h1, h2, h3, header p, .cause-line, footer").forEach(take);
  for (const table of document.querySelectorAll("table")) {
    const rows = table.querySelectorAll("tr");
    take(rows[0]);
    take(rows[rows.length - 1]);
  }
  return [...words];
})();
