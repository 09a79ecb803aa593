/**
 * Reports of runs: gathers what a run directory holds, measures its models where asked to, and
 * writes a page with figures. It may import {@code model} and {@code config}, and nothing else of
 * {@code actors}.
 */
@NullMarked
package dev.merlon.actors.report;

import org.jspecify.annotations.NullMarked;
