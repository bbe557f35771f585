import { expect, it } from 'vitest';
import { settled } from '../../simulator/kernel/settled.ts';

const image = () => ({
  ImageId: 'ami-1',
  Description: undefined,
  Tags: [{ Key: 'a', Value: '1' }],
  At: new Date(5),
  Reason: null,
});

it('a settled value is frozen to its depth, without members that are undefined', () => {
  const value = settled([image()]);

  expect(value).toStrictEqual([
    { ImageId: 'ami-1', Tags: [{ Key: 'a', Value: '1' }], At: new Date(5) },
  ]);
  expect(Object.isFrozen(value)).toBe(true);
  expect(Object.isFrozen(value[0])).toBe(true);
  expect(() => value[0]?.Tags.push({ Key: 'b', Value: '2' })).toThrow(TypeError);
  expect(() => Object.assign(value[0]?.Tags[0] ?? {}, { Value: '2' })).toThrow(TypeError);
});

it('settling leaves the original as it is, and a settled value too', () => {
  const original = image();
  const once = settled(original);
  original.Tags.push({ Key: 'b', Value: '2' });

  expect(once.Tags).toHaveLength(1);
  expect(settled(once)).toBe(once);
});
