export declare const findProviderMirror: (
  environment: NodeJS.ProcessEnv,
  mirrors?: readonly string[],
) => string | undefined;
