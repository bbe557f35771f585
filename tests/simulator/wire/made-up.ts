/** An operation that no service has, with all that the awsQuery protocol can have in it. */

const NAMESPACE = 'com.amazonaws.sts';
const [BLOB, BOOLEAN, NUMBER, STRING, TIMESTAMP] = [21, 2, 1, 0, 4];
const [LIST, MAP, STRUCTURE, OPERATION] = [1, 2, 3, 9];

const names = [LIST, NAMESPACE, 'Names', 0, [STRING, { xmlName: 'Name' }]];
const numbers = [LIST, NAMESPACE, 'Numbers', 0, NUMBER];
const prices = [MAP, NAMESPACE, 'Prices', 0, STRING, NUMBER];
const beans = [
  MAP,
  NAMESPACE,
  'Beans',
  0,
  [STRING, { xmlName: 'Sort' }],
  [names, { xmlName: 'Shops' }],
];

const cup = [
  STRUCTURE,
  NAMESPACE,
  'Cup',
  0,
  ['Owner', 'Letters', 'Sizes', 'Prices', 'Beans', 'Extras', 'IsHot', 'At', 'Seal'],
  [
    [STRING, { xmlName: 'owner' }],
    [names, { xmlFlattened: 1, xmlName: 'Letter' }],
    numbers,
    prices,
    beans,
    [prices, { xmlFlattened: 1, xmlName: 'Extra' }],
    BOOLEAN,
    TIMESTAMP,
    BLOB,
  ],
  1,
];

const tray = [
  STRUCTURE,
  NAMESPACE,
  'Tray',
  0,
  ['Cups', 'Best', 'Table'],
  [[LIST, NAMESPACE, 'Cups', 0, cup], cup, STRING],
  1,
];

/** `MakeCoffee`, of a tray for a tray. */
export const MAKE_COFFEE = [OPERATION, NAMESPACE, 'MakeCoffee', 0, tray, tray];
