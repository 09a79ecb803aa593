/**
 * Files of verification cases: many questions about several models, each with an input of its own,
 * a perturbation set and a time limit. Reads and checks them; answers nothing.
 */
@NullMarked
package dev.merlon.model.verify.cases;

import org.jspecify.annotations.NullMarked;
