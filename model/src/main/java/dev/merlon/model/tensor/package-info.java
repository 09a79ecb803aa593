/**
 * Tensors on the PyTorch engine: scopes, gradients, element types, randomness and the operators the
 * engine's Java layer lacks. The only package that may touch DJL's engine and JNI classes; it
 * imports nothing else of Merlon but failures and the folder of native libraries.
 */
@NullMarked
package dev.merlon.model.tensor;

import org.jspecify.annotations.NullMarked;
