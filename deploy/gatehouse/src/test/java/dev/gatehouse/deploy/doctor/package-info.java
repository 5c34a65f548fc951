@NullMarked
package dev.gatehouse.deploy.doctor;

import org.jspecify.annotations.NullMarked;
