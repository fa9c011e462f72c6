import type { NumberType } from './pickle-numbers.js';
import type { Known, Rebuild } from './pickle-rebuild.js';
import { PickleGlobal, type PickleValue } from './pickle-value.js';
import { TorchStorage, TorchTensor } from './torch-tensor.js';

const STORAGE_TYPES: Readonly<Partial<Record<string, NumberType>>> = {
  DoubleStorage: 'float64',
  FloatStorage: 'float32',
  HalfStorage: 'float16',
  BFloat16Storage: 'bfloat16',
  LongStorage: 'int64',
  IntStorage: 'int32',
  ShortStorage: 'int16',
  CharStorage: 'int8',
  ByteStorage: 'uint8',
  BoolStorage: 'bool',
  ComplexFloatStorage: 'complex64',
  ComplexDoubleStorage: 'complex128',
  UntypedStorage: 'uint8',
};

/** The type that `torch.float32` and its like stand for. */
const TENSOR_TYPES: Readonly<Partial<Record<string, NumberType>>> = {
  'torch.float64': 'float64',
  'torch.float32': 'float32',
  'torch.float16': 'float16',
  'torch.bfloat16': 'bfloat16',
  'torch.int64': 'int64',
  'torch.int32': 'int32',
  'torch.int16': 'int16',
  'torch.int8': 'int8',
  'torch.uint8': 'uint8',
  'torch.bool': 'bool',
  'torch.complex64': 'complex64',
  'torch.complex128': 'complex128',
};

/** A storage from its persistent id, `('storage', torch.FloatStorage, key, device, size)`; null where it is another. */
export function storageOf(id: PickleValue): TorchStorage | null {
  if (!Array.isArray(id) || id[0] !== 'storage' || !(id[1] instanceof PickleGlobal)) return null;
  const [, type, key, , size] = id;
  const dtype = STORAGE_TYPES[(type as PickleGlobal).name.split('.').pop() ?? ''];
  if (dtype === undefined || typeof key !== 'string' || !isCount(size)) return null;
  return new TorchStorage(dtype, key, size);
}

/** `_rebuild_tensor(storage, offset, shape, strides)`; later versions add what has nothing to do with the numbers. */
const tensor: Rebuild = ([storage, offset, shape, strides]) =>
  storage instanceof TorchStorage ? tensorOf(storage, storage.dtype, offset, shape, strides) : null;

/** `_rebuild_tensor_v3(storage, offset, shape, strides, requires_grad, hooks, dtype)` on untyped bytes. */
const typedTensor: Rebuild = ([storage, offset, shape, strides, , , type]) => {
  const dtype = type instanceof PickleGlobal ? TENSOR_TYPES[type.name] : undefined;
  return storage instanceof TorchStorage && dtype !== undefined ? tensorOf(storage, dtype, offset, shape, strides) : null;
};

function tensorOf(
  storage: TorchStorage,
  dtype: NumberType,
  offset: PickleValue | undefined,
  shape: PickleValue | undefined,
  strides: PickleValue | undefined,
): TorchTensor | null {
  if (!isCount(offset) || !isCounts(shape) || !isCounts(strides) || shape.length !== strides.length) return null;
  return new TorchTensor(storage, dtype, shape, strides, offset);
}

function isCount(value: PickleValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isCounts(value: PickleValue | undefined): value is number[] {
  return Array.isArray(value) && value.every(isCount);
}

/** A parameter is its tensor here. */
const parameter: Rebuild = ([data]) => (data instanceof TorchTensor ? data : null);
const size: Rebuild = ([shape]) => (Array.isArray(shape) ? shape : null);

export const TORCH_CLASSES: Known = {
  'torch._utils._rebuild_tensor': tensor,
  'torch._utils._rebuild_tensor_v2': tensor,
  'torch._utils._rebuild_tensor_v3': typedTensor,
  'torch._utils._rebuild_parameter': parameter,
  'torch._utils._rebuild_parameter_with_state': parameter,
  'torch.Size': size,
};
