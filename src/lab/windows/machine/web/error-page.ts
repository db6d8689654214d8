/** What of an answer an error page tells. */
type Failed = {
  readonly status: number;
  readonly subStatus: number;
  /** Win32 code or unsigned HRESULT. */
  readonly code: number;
  readonly reason: string;
  /** What the configuration system says; empty where it is not about that. */
  readonly body: string;
};

const hresult = (code: number): string =>
  `0x${(code === 0 || code > 0xffff ? code : 0x80070000 + code).toString(16).padStart(8, '0')}`;

const row = (name: string, text: string): string => `<tr><th>${name}</th><td>&nbsp;&nbsp;&nbsp;${text}</td></tr>\r\n`;

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** The detailed error page of IIS, which it shows to requests from the machine itself: status, code and what of the configuration is wrong. */
export const errorPage = ({ status, subStatus, code, reason, body }: Failed): string =>
  [
    '<!DOCTYPE html>\r\n<html><head><title>IIS 10.0 Detailed Error</title></head><body>\r\n',
    `<h3>HTTP Error ${status}.${subStatus} - ${reason}</h3>\r\n<table>\r\n`,
    row('Error Code', hresult(code)),
    body === '' ? '' : row('Config Error', escaped(body)),
    '</table>\r\n</body></html>\r\n',
  ].join('');

/** What HTTP.sys itself says where no pool takes a request. */
export const unavailablePage =
  '<!DOCTYPE HTML>\r\n<HTML><HEAD><TITLE>Service Unavailable</TITLE></HEAD>\r\n<BODY><h2>Service Unavailable</h2>\r\n<hr><p>HTTP Error 503. The service is unavailable.</p>\r\n</BODY></HTML>\r\n';
