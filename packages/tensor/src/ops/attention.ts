// Multi-head attention over packed queries, keys and values (Vaswani et al. 2017): softmax(q·Kᵀ/√D)·V per head, causal or not,
// within a window and within documents where given. Saves qkv, y and log Σ exp of each row; the T × T matrix is made again in backward by the kernel.
import { record } from '../record.js';
import { result, type Tensor } from '../tensor.js';
import { composeAttention } from './attention-composed.js';
import { attentionShape, type HeadOptions } from './attention-shape.js';
import { checkSize, checkType, oneDevice } from './check.js';

export interface AttentionOptions extends HeadOptions {
  readonly causal: boolean;
  /** i32 (B, T): a position attends only within its own document; negative is padding: it sees nothing, is seen by none and gives 0. */
  readonly documents?: Tensor;
}

/** qkv (B, T, (H + 2K)·D), packed: all queries, then keys, then values -> (B, T, H·D). Throws `bad-shape`. */
export function attention(qkv: Tensor, options: AttentionOptions): Tensor {
  const { causal, documents } = options;
  const device = oneDevice('attention', qkv, documents);
  checkType('attention', 'qkv', qkv, 'f32');
  const shape = attentionShape('attention', qkv, options);
  if (documents !== undefined) {
    checkType('attention', 'documents', documents, 'i32');
    checkSize('attention', 'documents', shape.batch * shape.length, documents.size);
  }
  const { attention: kernel, attentionBackward } = device.kernels;
  if (kernel === undefined || attentionBackward === undefined) return composeAttention(qkv, shape, causal, documents);
  const made = kernel({ ...shape, qkv: qkv.storage, causal, documents: documents?.storage });
  const y = result('attention', device, made.y, [shape.batch, shape.length, shape.heads * shape.headSize]);
  const total = result('attention', device, made.logSumExp, [shape.batch, shape.heads, shape.length]);
  const output = record({
    op: 'attention',
    output: y,
    inputs: [qkv],
    saves: [qkv, y, total, documents],
    backward(dy, [dqkv], [keptQkv, keptY, logSumExp, keptDocuments]) {
      const gradient = attentionBackward({
        ...shape,
        qkv: keptQkv.storage,
        causal,
        documents: keptDocuments?.storage,
        y: keptY.storage,
        dy: dy.storage,
        logSumExp: logSumExp.storage,
      });
      dqkv.add(result('attention', device, gradient, keptQkv.shape));
    },
  });
  // The tape holds it where it is needed.
  total.dispose();
  return output;
}
