/**
 * What ONNX operators are in a network and the other way round: one class per family, and the
 * register of all.
 */
@NullMarked
package dev.merlon.model.onnx.operator;

import org.jspecify.annotations.NullMarked;
