/**
 * One training run's tensors on one device and the computation of its steps: search, forward,
 * backward, update, statistics. Synchronous and free of actors; whoever owns a {@link
 * dev.merlon.model.training.Learner} decides when each part runs.
 */
@NullMarked
package dev.merlon.model.training;

import org.jspecify.annotations.NullMarked;
