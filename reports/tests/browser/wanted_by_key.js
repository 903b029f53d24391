// What must be reachable by the keyboard and was not. Links of dots in a plot stand in the table below it, too.
[...document.querySelectorAll("a[href]:not([tabindex='-1']), summary, button, input, select, [tabindex='0'], .scroll, figure.strips")]
  .filter((element) => element.checkVisibility() && !element.dataset.reached)
  .filter((element) => !element.matches(".scroll, figure.strips") || element.scrollWidth > element.clientWidth + 1)
  .map((element) => `${element.tagName}.${element.className} ${element.textContent.slice(0, 50)}`);
