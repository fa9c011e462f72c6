import { loadPlotlySource } from '../notebook/plotly-bundle.js';
import { neutral } from '../notebook/theme.js';

/**
 * What an exported page runs, and all that it may run: it gives frames the height of what they hold, and draws the figures,
 * their text in the page's colour in either scheme.
 */
export const pageScript: string = `
${loadPlotlySource}
function fit(frame) {
  const root = frame.contentDocument && frame.contentDocument.documentElement;
  if (!root) return;
  const forScrollbar = root.scrollWidth > root.clientWidth ? 18 : 2;
  frame.style.height = Math.min(frame.contentDocument.body.scrollHeight + forScrollbar, 2400) + 'px';
}
for (const frame of document.querySelectorAll('iframe.foreign')) {
  frame.addEventListener('load', () => fit(frame));
  fit(frame);
}
addEventListener('resize', () => document.querySelectorAll('iframe.foreign').forEach(fit));
const ink = () => getComputedStyle(document.body).color;
async function draw() {
  const bundle = document.getElementById('plotly-bundle');
  if (!bundle) return;
  const plotly = await loadPlotly(bundle.textContent);
  for (const place of document.querySelectorAll('.plotly')) {
    try {
      const { data, layout } = JSON.parse(place.nextElementSibling.textContent);
      const font = (layout && layout.font) || {};
      const ours = font.color === ${JSON.stringify(neutral.text)};
      await plotly.newPlot(place, data, { ...layout, font: ours ? { ...font, color: ink() } : font }, { responsive: true, displaylogo: false });
      if (ours) matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => plotly.relayout(place, { 'font.color': ink() }));
    } catch (error) {
      place.textContent = 'This figure could not be drawn: ' + error.message;
    }
  }
  document.documentElement.dataset.drawn = 'yes';
}
draw();
`;
