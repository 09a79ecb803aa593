/**
 * Linear and mixed-integer programs of small networks: exact worst margins, a yardstick for bounds
 * and attacks and not a way of certifying; and multipliers for subproblems of a set that branch and
 * bound cannot split further, with which ordinary bounds are computed.
 */
@NullMarked
package dev.merlon.model.verify.exact;

import org.jspecify.annotations.NullMarked;
