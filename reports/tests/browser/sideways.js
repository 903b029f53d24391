// What makes the page wider than its window, and texts that are cut off without a way to reach the rest.
(() => {
  const faults = [];
  const width = document.documentElement.clientWidth;
  const cuts = (element) => getComputedStyle(element).overflowX !== "visible";
  const inside = (element) => {
    for (let up = element.parentElement; up && up !== document.body; up = up.parentElement) if (cuts(up)) return true;
    return false;
  };
  const name = (element) => `${element.tagName}.${element.className?.baseVal ?? element.className} ${element.textContent.slice(0, 50)}`;
  const whole = document.documentElement.scrollWidth;
  if (whole > width) {
    const nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_ALL);
    const range = document.createRange();
    const ends = [];
    while (nodes.nextNode()) {
      range.selectNode(nodes.currentNode);
      if (Math.abs(range.getBoundingClientRect().right - whole) < 2) ends.push(nodes.currentNode.parentElement);
    }
    faults.push(`the page is ${whole} wide in ${width}, as is ${ends.slice(0, 3).map(name).join(" and ")}`);
  }
  for (const element of document.querySelectorAll("main, main *")) {
    if (!element.checkVisibility() || element.closest("svg, .unseen, .skip")) continue;
    const box = element.getBoundingClientRect();
    if (box.right > width + 0.5 && !inside(element)) faults.push(`beyond the edge: ${name(element)}`);
    const style = getComputedStyle(element);
    if (["hidden", "clip"].includes(style.overflowX) && element.scrollWidth > element.clientWidth + 1 && !element.title) faults.push(`cut off: ${name(element)}`);
  }
  return faults.slice(0, 20);
})();
