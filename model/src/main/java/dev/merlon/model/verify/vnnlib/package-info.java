/**
 * VNN-LIB properties and witnesses: reads the text into exact numbers, brings it into a normal form
 * (boxes of inputs with conjunctions of linear constraints), and decides exactly whether a point
 * meets it. It may import {@code config} only, and knows no tensors.
 */
@NullMarked
package dev.merlon.model.verify.vnnlib;

import org.jspecify.annotations.NullMarked;
