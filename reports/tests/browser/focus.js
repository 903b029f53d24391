// What has the focus, and whether that can be seen.
(() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  const ringed = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
  const inView = box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth && box.width > 0;
  element.dataset.reached = "yes";
  return { what: `${element.tagName} ${element.textContent.slice(0, 50)}`, seen: ringed && inView };
})();
