/** Raised when, and only when, training the same network again stops giving the same bits. Labels carry it. */
export const ENGINE_VERSION = '1';
