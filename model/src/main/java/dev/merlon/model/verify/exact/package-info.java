/**
 * Exact worst margins of small networks by mixed-integer programming: a yardstick for bounds and
 * attacks, not a way of certifying.
 */
@NullMarked
package dev.merlon.model.verify.exact;

import org.jspecify.annotations.NullMarked;
