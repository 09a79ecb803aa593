/**
 * Settings of how training proceeds: schedule of the radius, optimiser and learning rate, averaged
 * weights, regulariser. Knows no objective.
 */
@NullMarked
package dev.merlon.config.training;

import org.jspecify.annotations.NullMarked;
