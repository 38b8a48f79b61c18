import { Html, html } from './html.ts';

// A square with the three bands of a vowel.
const icon =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect width='16' height='16' rx='3' fill='%231c1044'/%3E%3Cpath d='M3 12q5-2 10 0M3 8q5-3 10-1M3 4q5 2 10 0' stroke='%23fb8761' stroke-width='1.6' fill='none'/%3E%3C/svg%3E";

/** The head of a page that is one file: it may load nothing but what is in it. */
export function pageHead(title: string, styles: readonly string[]): Html {
  return html`<head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta
      http-equiv="Content-Security-Policy"
      content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; media-src data:"
    />
    <title>${title}</title>
    <link rel="icon" href="${icon}" />
    <style>
      ${new Html(styles.join(''))}
    </style>
  </head>`;
}
