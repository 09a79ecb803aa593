/**
 * Answers VNN-LIB properties about one model: excludes every region of the property by bounds, or
 * finds an input that ONNX Runtime and the exact property confirm as a counterexample.
 */
@NullMarked
package dev.merlon.model.verify.property;

import org.jspecify.annotations.NullMarked;
