/**
 * Labelled images as immutable values: readers of data sets on disk, the embedded data set, and the
 * deterministic order in which training visits them. It may import the JDK, {@code
 * dev.merlon.config} and the generators of {@code dev.merlon.model.tensor}; tensors are made
 * elsewhere from the plain arrays given here.
 */
@NullMarked
package dev.merlon.model.data;

import org.jspecify.annotations.NullMarked;
