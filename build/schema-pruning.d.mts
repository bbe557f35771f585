import type { Plugin } from 'esbuild';

export declare const withLiteralKeys: (source: string) => string;
export declare const schemaPruning: Plugin;
