// The table of kernels of one instruction set. Compiled once per set, everything inside is static; only the table has a name of its own.
#include "attention.h"
#include "cross_entropy.h"
#include "gated.h"
#include "lion.h"
#include "norm.h"
#include "optimise.h"
#include "products.h"
#include "random.h"
#include "rms_norm.h"
#include "rope.h"

#define JOIN2(a, b) a##b
#define JOIN(a, b) JOIN2(a, b)

extern const Kernel JOIN(kernels_, INGOT_SET)[];
extern const int JOIN(kernel_count_, INGOT_SET);
void JOIN(prepare_, INGOT_SET)();

const Kernel JOIN(kernels_, INGOT_SET)[] = {
    {"unary", unary}, {"binary", binary}, {"affine", affine}, {"select", choose}, {"cast", cast}, {"fill", fill}, {"accumulate", accumulate},
    {"scale", scale}, {"copy", copy}, {"gelu", gelu}, {"geluBackward", gelu_backward}, {"silu", silu}, {"siluBackward", silu_backward},
    {"gated", gated}, {"gatedBackward", gated_backward}, {"uniform", uniform}, {"dropout", dropout}, {"reduce", reduce},
    {"softmax", softmax}, {"argmax", argmax}, {"pick", pick}, {"gatherRows", gather_rows}, {"scatterAddRows", scatter_add_rows}, {"strided", strided},
    {"concat", concat}, {"matmul", matmul}, {"linear", linear}, {"linearGelu", linear_gelu}, {"layerNorm", layer_norm}, {"layerNormBackward", layer_norm_backward},
    {"rmsNorm", rms_norm}, {"rmsNormBackward", rms_norm_backward}, {"rope", rope},
    {"attention", attention}, {"attentionBackward", attention_backward}, {"attentionCached", attention_cached},
    {"linearCrossEntropy", linear_cross_entropy}, {"linearCrossEntropyBackward", linear_cross_entropy_backward}, {"adamw", adamw}, {"lion", lion}, {"squaredNorm", squared_norm},
};
const int JOIN(kernel_count_, INGOT_SET) = sizeof(JOIN(kernels_, INGOT_SET)) / sizeof(Kernel);

/** What a thread keeps for its kernels, made before it has work. */
void JOIN(prepare_, INGOT_SET)() { Packing::mine(); }
