/** Something made to be looked at as HTML, with the same in text for a terminal. The HTML is whole, escaped and runs no script. */
export interface HtmlView {
  readonly kind: 'html-view';
  readonly html: string;
  readonly text: string;
}
