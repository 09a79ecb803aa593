/**
 * The operations that networks are made of: their parameters and the shapes they make of shapes.
 * Values and visitors only; what they compute is said by the interpretations.
 */
@NullMarked
package dev.merlon.model.network.operation;

import org.jspecify.annotations.NullMarked;
