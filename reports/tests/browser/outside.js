// The parts of the first screen that are not wholly in the window, or are covered.
(() => {
  const parts = {
    verdict: "header.banner h1",
    cause: "header.banner p",
    "what was tested": ".tested",
    tiles: ".tiles",
    matrix: ".matrix thead",
    "the worst device": ".matrix tbody tr",
    "what to do next": "aside",
    trust: ".trust",
  };
  return Object.entries(parts).flatMap(([name, selector]) => {
    const element = document.querySelector(selector);
    if (!element) return [`${name} is missing`];
    const box = element.getBoundingClientRect();
    if (!box.width || !box.height) return [`${name} has no size`];
    if (box.top < 0 || box.left < 0 || box.bottom > innerHeight || box.right > innerWidth) return [`${name} ends at ${box.right} x ${box.bottom} of ${innerWidth} x ${innerHeight}`];
    const hit = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    return hit && (element.contains(hit) || hit.contains(element)) ? [] : [`${name} is covered`];
  });
})();
