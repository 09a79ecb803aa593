/** The answers to questions about a model, and the files that hold them, one verdict a line. */
@NullMarked
package dev.merlon.model.verify.verdict;

import org.jspecify.annotations.NullMarked;
