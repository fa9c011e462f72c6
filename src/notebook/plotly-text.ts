/**
 * Text for a plotly title, tick or hover box. Plotly reads a small set of tags and entities in any text (`<b>`, `<a href>`,
 * `&lt;`) and fills `%{…}` in templates; names of columns and architectures are to be shown as they are.
 */
export function plotlyText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('%{', '%\u200b{');
}
