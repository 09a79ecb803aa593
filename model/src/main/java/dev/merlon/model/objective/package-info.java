/**
 * What a training step minimises, as plans: attacks, regions, their combination, the natural term
 * and regularisers. Imports bounds and attacks; owns no tensors and knows no schedule.
 */
@NullMarked
package dev.merlon.model.objective;

import org.jspecify.annotations.NullMarked;
