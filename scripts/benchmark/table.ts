import type { Figure } from './section.ts';

const digits = (value: number): string =>
  value.toFixed(value >= 100 || Number.isInteger(value) ? 0 : value >= 10 ? 1 : 2);

function aimText({ value, aim }: Figure): string {
  if (aim === undefined) return '';
  const reached = 'atLeast' in aim ? value >= aim.atLeast : value <= aim.atMost;
  const bound = 'atLeast' in aim ? `>= ${aim.atLeast}` : `<= ${aim.atMost}`;
  return `(aim ${bound}${reached ? '' : ', missed'})`;
}

/** A figure as a line of a table. */
export function figureLine(figure: Figure): string {
  const value = `${digits(figure.value).padStart(9)} ${figure.unit.padEnd(8)}`;
  return `${figure.name.padEnd(52)}${value} ${aimText(figure).padEnd(20)} ${figure.detail ?? ''}`.trimEnd();
}
