/**
 * Single settings: how their values are read, checked and written; radii, norms and perturbations
 * as people write them. Imports failures only.
 */
@NullMarked
package dev.merlon.config.value;

import org.jspecify.annotations.NullMarked;
