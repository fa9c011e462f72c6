export type BackendId = 'native' | 'wasm' | 'cpu';

/** The tensor library in use: where it computes and how well it agreed with hand-worked values. */
export interface Backend {
  readonly id: BackendId;
  /** Packages and versions, for provenance. */
  readonly version: string;
  /** Largest absolute error of the self-check; at most 1e-4. */
  readonly selfCheckError: number;
  /** Why a faster one was passed over, in words; empty when none was. */
  readonly passedOver: readonly string[];
}
