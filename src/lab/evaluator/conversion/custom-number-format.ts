/** A number as digits: `0.digits × 10^scale`, without leading or trailing zeros; no digits for zero. */
type Digits = { readonly negative: boolean; readonly digits: string; readonly scale: number };

/** What a section of a pattern asks for. */
type Section = {
  /** Placeholders before the decimal point, and all of them. */
  readonly wholePlaces: number;
  readonly places: number;
  /** Place of the first and the last `0`, counted from the left. */
  readonly firstZero: number;
  readonly lastZero: number;
  readonly grouped: boolean;
  readonly scientific: boolean;
  /** Powers of ten that `%`, `‰` and commas before the point stand for. */
  readonly shift: number;
};

const exponentMark = /^[Ee](?:([+-]?)(0+))/;
const parts = /'[^']*'?|"[^"]*"?|\\[\s\S]?|[\s\S]/g;

const tokensOf = (section: string): string[] => {
  const tokens: string[] = [];
  let rest = section;
  while (rest !== '') {
    const exponent = exponentMark.exec(rest);
    const token = exponent?.[0] ?? rest.match(parts)?.[0] ?? rest;
    tokens.push(token);
    rest = rest.slice(token.length);
  }
  return tokens;
};

/** Splits at the semicolons that are no text. */
const sectionsOf = (pattern: string): string[] => {
  const sections = [''];
  for (const token of pattern.match(parts) ?? []) {
    if (token === ';') sections.push('');
    else sections[sections.length - 1] += token;
  }
  return sections;
};

const readSection = (tokens: readonly string[]): Section => {
  let [places, wholePlaces, firstZero, lastZero, shift, commas] = [0, -1, -1, -1, 0, 0];
  let [grouped, scientific] = [false, false];
  for (const token of tokens) {
    if (token === '#' || token === '0') {
      // A comma between places groups; one before the point or the end divides by a thousand.
      if (commas > 0 && wholePlaces < 0) grouped = true;
      commas = 0;
      if (token === '0') {
        if (firstZero < 0) firstZero = places;
        lastZero = places + 1;
      }
      places++;
    } else if (token === '.' && wholePlaces < 0) {
      wholePlaces = places;
      shift -= 3 * commas;
      commas = 0;
    } else if (token === ',' && places > 0 && wholePlaces < 0) commas++;
    else if (token === '%') shift += 2;
    else if (token === '‰') shift += 3;
    else if (exponentMark.test(token)) scientific = true;
  }
  if (wholePlaces < 0) {
    wholePlaces = places;
    shift -= 3 * commas;
  }
  return { wholePlaces, places, firstZero, lastZero, grouped, scientific, shift };
};

/** Rounds half away from zero to a number of digits. */
const roundDigits = ({ negative, digits, scale }: Digits, keep: number): Digits => {
  if (keep >= digits.length) return { negative, digits, scale };
  const none = { negative, digits: '', scale: 0 };
  if (keep < 0) return none;
  const head = keep === 0 ? '0' : digits.slice(0, keep);
  const up = (digits[keep] ?? '0') >= '5';
  const rounded = (BigInt(head) + (up ? 1n : 0n)).toString();
  if (rounded === '0') return none;
  const grown = rounded.length > keep ? rounded.length - keep : 0;
  return { negative, digits: rounded.replace(/0+$/, ''), scale: scale + grown };
};

const write = (tokens: readonly string[], value: Digits, section: Section): string => {
  const { wholePlaces, places, grouped, scientific } = section;
  const firstZero = section.firstZero < 0 || section.firstZero > wholePlaces ? 0 : wholePlaces - section.firstZero;
  const lastZero = section.lastZero > wholePlaces ? wholePlaces - section.lastZero : 0;
  let text = '';
  let at = 0;
  let place = scientific ? wholePlaces : Math.max(value.scale, wholePlaces);
  // Digits that the pattern has no places for (or the other way round).
  let surplus = scientific ? 0 : value.scale - wholePlaces;
  let pointWritten = false;
  const emit = (digit: string): void => {
    if (digit !== '') {
      text += digit;
      if (grouped && place > 1 && (place - 1) % 3 === 0) text += ',';
    }
    place--;
  };
  const next = (): string => value.digits[at++] ?? (place > lastZero ? '0' : '');
  for (const token of tokens) {
    if (token === '#' || token === '0' || token === '.') for (; surplus > 0; surplus--) emit(value.digits[at++] ?? '0');
    if (token === '#' || token === '0') {
      if (surplus < 0) {
        surplus++;
        emit(place <= firstZero ? '0' : '');
      } else emit(next());
    } else if (token === '.') {
      if (place === 0 && !pointWritten && (lastZero < 0 || (wholePlaces < places && at < value.digits.length))) {
        text += '.';
        pointWritten = true;
      }
    } else if (token === ',') continue;
    else if (scientific && exponentMark.test(token)) {
      const [, sign = '', zeros = ''] = exponentMark.exec(token) ?? [];
      const exponent = value.digits === '' ? 0 : value.scale - wholePlaces;
      text += (token[0] ?? '') + (exponent < 0 ? '-' : sign === '+' ? '+' : '');
      text += String(Math.abs(exponent)).padStart(zeros.length, '0');
    } else if (/^['"]/.test(token)) text += token.replace(/^(['"])(.*?)\1?$/s, '$2');
    else text += token.startsWith('\\') ? token.slice(1) : token;
  }
  return text;
};

const formatSection = (section: string, value: Digits): { readonly text: string; readonly isZero: boolean } => {
  const tokens = tokensOf(section);
  const read = readSection(tokens);
  const scaled = value.digits === '' ? value : { ...value, scale: value.scale + read.shift };
  const keep = read.scientific ? read.places : scaled.scale + read.places - read.wholePlaces;
  const rounded = roundDigits(scaled, keep);
  return { text: write(tokens, rounded, read), isZero: rounded.digits === '' };
};

/**
 * Formats a number with a custom pattern (`#,##0.00;(0)`), as .NET does in the invariant and the en-US culture.
 * @param unscaled the digits of the number with their sign
 * @param scale how many of them stand behind the decimal point
 */
export const formatCustom = (unscaled: bigint, scale: number, pattern: string): string => {
  const negative = unscaled < 0n;
  const all = (negative ? -unscaled : unscaled).toString();
  const value: Digits =
    unscaled === 0n
      ? { negative: false, digits: '', scale: 0 }
      : { negative, digits: all.replace(/0+$/, ''), scale: all.length - scale };
  const [first = '', second = '', third = ''] = sectionsOf(pattern);
  const zero = third === '' ? first : third;
  if (value.digits === '') return formatSection(zero, value).text;
  const chosen = negative && second !== '' ? second : first;
  const { text, isZero } = formatSection(chosen, value);
  if (isZero) return formatSection(zero, { negative: false, digits: '', scale: 0 }).text;
  return negative && second === '' ? `-${text}` : text;
};
