/** Has the browser keep a text as a file, where it keeps what is downloaded. */
export function saveTextFile(name: string, text: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download has begun by then; at once, some browsers find nothing.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
