/** Stands for words that Windows has in another language and that no source shows: no pattern of English words finds it. */
export const unknownWords = '〔…〕';

// A word of a text: letters alone, with signs around. Paths, names with dots or digits, codes and what stands in quotes are no words of a text.
const isWord = (token: string): boolean =>
  !/^[A-Z]:$/.test(token) && /^[("[]*[A-Za-z]+(?:['’-][A-Za-z]+)*[)"\].,:;?!]*$/.test(token);

/** A line in which the words of a text are replaced and what is data stays: numbers, codes, paths, quoted names. */
export const withoutWords = (text: string): string => {
  const pieces = text.split(/('[^']*'|"[^"]*"|\s+)/);
  let shown = '';
  let isRun = false;
  for (const piece of pieces) {
    if (piece === '') continue;
    if (isWord(piece)) {
      const end = /[:)\]]+$/.exec(piece)?.[0] ?? '';
      shown = isRun ? `${shown.trimEnd()}${end}` : `${shown}${unknownWords}${end}`;
      isRun = end === '';
    } else {
      shown += piece;
      if (piece.trim() !== '') isRun = false;
    }
  }
  return shown;
};

/** Programs of which Windows translates every line, or the labels before a colon only; what no source shows of theirs has no English words. */
const translated: Readonly<Record<string, 'lines' | 'labels'>> = {
  chkdsk: 'lines',
  dism: 'lines',
  fsutil: 'lines',
  gpupdate: 'lines',
  ipconfig: 'lines',
  'manage-bde': 'lines',
  net: 'lines',
  netsh: 'lines',
  ping: 'lines',
  pnputil: 'labels',
  powercfg: 'lines',
  reagentc: 'lines',
  sfc: 'lines',
  shutdown: 'lines',
  takeown: 'lines',
  vssadmin: 'lines',
  w32tm: 'lines',
  wbadmin: 'lines',
};

/** A line of a program that no table has in the language of Windows. */
export const unknownLine = (program: string, text: string): string => {
  const how = translated[program];
  // What begins with another letter the program said in the language of Windows itself.
  if (how === undefined || /^\s*[^\s\x20-\x7e]/.test(text)) return text;
  if (how === 'lines') return withoutWords(text);
  const at = text.indexOf(':');
  return at < 0 ? withoutWords(text) : withoutWords(text.slice(0, at)) + text.slice(at);
};
