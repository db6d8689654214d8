/** Characters that could steer a terminal or turn the direction of a line; texts of hosts may hold them. */
const steering = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** A text with everything that could steer a terminal shown as U+FFFD; line ends and tabs stay. */
export function printable(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(steering, '\ufffd');
}

/** A text as one line: line ends and tabs become a blank, what could steer a terminal U+FFFD. */
export function oneLine(text: string): string {
  return printable(text.replace(/\s*[\r\n\t]+\s*/g, ' '));
}
