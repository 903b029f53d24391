// Names of elements with their attributes, and whether anything of a text became alive.
(() => {
  const names = new Set();
  for (const element of document.querySelectorAll("*")) {
    const svg = element.namespaceURI.endsWith("svg") ? "svg:" : "";
    names.add(svg + element.localName);
    for (const attribute of element.attributes) names.add(`${svg}${element.localName}[${attribute.name}]`);
  }
  return [...names].sort();
})();
