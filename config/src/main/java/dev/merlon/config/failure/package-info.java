/**
 * What every part of Merlon reports to people: one line, a remedy and a stable code. Imports
 * nothing else of Merlon.
 */
@NullMarked
package dev.merlon.config.failure;

import org.jspecify.annotations.NullMarked;
