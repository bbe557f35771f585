/** Which account an access key belongs to: the key says it itself. */

/** The account of every key that does not name another: one of the AWS documentation's examples. */
export const DEFAULT_ACCOUNT = '111122223333';

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const SESSION_KEY = /^ASIA([A-Z2-7]{8})([A-Z2-7]{6})([A-Z2-7]{2})$/;

const toDigits = (value: number, count: number): string => {
  let rest = value;
  let text = '';
  for (let place = 0; place < count; place += 1) {
    text = (DIGITS[rest % 32] ?? '') + text;
    rest = Math.floor(rest / 32);
  }
  return text;
};

const fromDigits = (text: string): number =>
  text.split('').reduce((value, digit) => value * 32 + DIGITS.indexOf(digit), 0);

/** Two digits by which our own session keys are told from somebody's real ones. */
const checkDigits = (text: string): string =>
  toDigits(
    text.split('').reduce((sum, digit) => (sum * 37 + digit.charCodeAt(0)) % 1_024, 7),
    2,
  );

/**
 * An access key id for temporary credentials of the account, of the form that AWS gives them: `ASIA`
 * and 16 characters.
 * @param serial whole number that tells this session from others
 */
export const sessionKeyOf = (account: string, serial: number): string => {
  const body = toDigits(Number(account), 8) + toDigits(serial, 6);
  return `ASIA${body}${checkDigits(body)}`;
};

/**
 * The twelve-digit account of an access key id. A key of twelve digits is that account, as with moto
 * and LocalStack; a session key of ours names its account; any other key is DEFAULT_ACCOUNT's.
 */
export const accountOfAccessKey = (accessKeyId: string): string => {
  if (/^\d{12}$/.test(accessKeyId)) return accessKeyId;
  const [, account = '', serial = '', check] = SESSION_KEY.exec(accessKeyId) ?? [];
  if (check === undefined || check !== checkDigits(account + serial)) return DEFAULT_ACCOUNT;
  const number = fromDigits(account);
  return number < 1e12 ? String(number).padStart(12, '0') : DEFAULT_ACCOUNT;
};
