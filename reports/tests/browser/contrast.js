// Texts that are hard to read on what lies under them: WCAG's ratio, 4.5, and 3 for large ones.
(() => {
  const channels = (colour) => {
    const numbers = colour.match(/[\d.]+/g).map(Number);
    const unit = colour.startsWith("color(") ? 255 : 1;
    return { rgb: numbers.slice(0, 3).map((n) => n * unit), alpha: numbers[3] ?? 1 };
  };
  const over = (top, ground) => top.rgb.map((n, i) => n * top.alpha + ground[i] * (1 - top.alpha));
  const luminance = (rgb) =>
    rgb
      .map((n) => n / 255)
      .map((n) => (n <= 0.04045 ? n / 12.92 : ((n + 0.055) / 1.055) ** 2.4))
      .reduce((sum, n, i) => sum + n * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (element) => {
    if (!element) return [255, 255, 255];
    return over(channels(getComputedStyle(element).backgroundColor), ground(element.parentElement));
  };
  const faults = [];
  let seen = 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim();
    const element = walker.currentNode.parentElement;
    if (!text || !element.checkVisibility() || element.closest(".watermark,.unseen,.skip,script,style,title,desc")) continue;
    const style = getComputedStyle(element);
    const inside = element.closest("svg");
    const under = ground(inside ?? element);
    const shown = over(channels(inside ? style.fill : style.color), under);
    const [a, b] = [luminance(shown), luminance(under)].sort((x, y) => y - x);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const ratio = (a + 0.05) / (b + 0.05);
    seen += 1;
    if (ratio < (large ? 3 : 4.5)) faults.push(`${ratio.toFixed(2)}: ${text.slice(0, 60)} (${element.tagName} ${element.className?.baseVal ?? element.className})`);
  }
  if (seen < 50) faults.push(`only ${seen} texts were looked at`);
  return faults;
})();
