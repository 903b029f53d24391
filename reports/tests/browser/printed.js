// The words that paper must show: headings, the first and last row of each table, and the end of the page. What a gate rests on
// stands once, where all gates are explained.
(() => {
  const words = new Set();
  const take = (element) => {
    const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      if (texts.currentNode.parentElement.closest(".unseen, summary, .skip, script, .basis")) continue;
      for (const word of texts.currentNode.textContent.split(/\s+/)) if (/^[\x21-\x7e]{2,14}$/.test(word)) words.add(word);
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
