/**
 * Figures as values, and their drawing as SVG and PNG: one drawing serves the page, where colours
 * follow the reader's theme, and the files beside it. It knows nothing of runs and imports nothing
 * of the rest of the project.
 */
@NullMarked
package dev.merlon.actors.report.chart;

import org.jspecify.annotations.NullMarked;
