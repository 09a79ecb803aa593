/**
 * Certification as a service: a pool of verifiers that pull work, and the runs that feed it, count
 * its verdicts and keep them in a file. It may import {@code streams}, {@code model} and {@code
 * config}, and no other actor package.
 */
@NullMarked
package dev.merlon.actors.verification;

import org.jspecify.annotations.NullMarked;
