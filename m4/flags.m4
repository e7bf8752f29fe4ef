dnl flags.m4: flags are tried one by one, and used only where compiler and linker take them
dnl without a word.

dnl CALLROLL_CFLAG(VARIABLE, FLAG): adds FLAG to VARIABLE if the compiler takes it.
AC_DEFUN([CALLROLL_CFLAG], [
AS_VAR_PUSHDEF([known], [callroll_cv_cflag_$2])dnl
AC_CACHE_CHECK([whether $CC takes $2], [known], [
	callroll_saved=$CFLAGS
	CFLAGS="$CFLAGS -Werror $2"
	AC_COMPILE_IFELSE([AC_LANG_SOURCE([[int main(void) { return 0; }]])],
		[AS_VAR_SET([known], [yes])], [AS_VAR_SET([known], [no])])
	CFLAGS=$callroll_saved
])
AS_VAR_IF([known], [yes], [AS_VAR_APPEND([$1], [" $2"])])
AS_VAR_POPDEF([known])dnl
])

dnl CALLROLL_LDFLAG(VARIABLE, FLAG): the same for the linker, with what VARIABLE already holds.
AC_DEFUN([CALLROLL_LDFLAG], [
AS_VAR_PUSHDEF([known], [callroll_cv_ldflag_$2])dnl
AC_CACHE_CHECK([whether the linker takes $2], [known], [
	callroll_saved=$LDFLAGS
	LDFLAGS="$LDFLAGS $[$1] -Wl,--fatal-warnings $2"
	AC_LINK_IFELSE([AC_LANG_SOURCE([[int main(void) { return 0; }]])],
		[AS_VAR_SET([known], [yes])], [AS_VAR_SET([known], [no])])
	LDFLAGS=$callroll_saved
])
AS_VAR_IF([known], [yes], [AS_VAR_APPEND([$1], [" $2"])])
AS_VAR_POPDEF([known])dnl
])

dnl CALLROLL_FORTIFY(VARIABLE): adds the highest _FORTIFY_SOURCE that the C library offers. It
dnl complains without optimization (CFLAGS=-O0): then none is added.
AC_DEFUN([CALLROLL_FORTIFY], [
AC_CACHE_CHECK([for _FORTIFY_SOURCE], [callroll_cv_fortify], [
	callroll_saved=$CFLAGS
	callroll_cv_fortify=no
	for level in 2 3; do
		CFLAGS="$callroll_saved -Werror -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=$level"
		AC_COMPILE_IFELSE([AC_LANG_SOURCE([[#include <string.h>
			int main(void) { return (int)strlen(""); }]])],
			[callroll_cv_fortify=$level])
	done
	CFLAGS=$callroll_saved
])
AS_VAR_IF([callroll_cv_fortify], [no], [],
	[AS_VAR_APPEND([$1], [" -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=$callroll_cv_fortify"])])
])

dnl CALLROLL_LIBRARY(PREFIX, MODULE, DEBIAN-PACKAGE): like PKG_CHECK_MODULES, but goes on, so that
dnl all that is missing can be said at once.
AC_DEFUN([CALLROLL_LIBRARY], [
PKG_CHECK_MODULES([$1], [$2], [
	AS_VAR_APPEND([DEPS_CFLAGS], [" $[$1]_CFLAGS"])
	AS_VAR_APPEND([DEPS_LIBS], [" $[$1]_LIBS"])
], [
	AS_VAR_APPEND([callroll_missing], ["
    $2 (on Debian: $3)"])
])
])

dnl CALLROLL_TARGET(NAME, FLAGS, MACRO, HEADER): the conditional TARGET_NAME, and -DTARGET_NAME in
dnl TARGET_CPPFLAGS: whether the compiler, a 64-bit one, with these flags defines MACRO and has the
dnl header for it.
AC_DEFUN([CALLROLL_TARGET], [
AC_CACHE_CHECK([whether $CC compiles for $1], [callroll_cv_target_$1], [
	callroll_saved=$CFLAGS
	CFLAGS="$CFLAGS -Werror $2"
	AC_COMPILE_IFELSE([AC_LANG_SOURCE([[#include <$4>
		#if !defined($3) || !defined(__LP64__)
		#error not for this
		#endif
		int main(void) { return 0; }]])],
		[callroll_cv_target_$1=yes], [callroll_cv_target_$1=no])
	CFLAGS=$callroll_saved
])
AM_CONDITIONAL([TARGET_$1], [test "x$callroll_cv_target_$1" = xyes])
AS_VAR_IF([callroll_cv_target_$1], [yes],
	[AS_VAR_APPEND([TARGET_CPPFLAGS], [" -DTARGET_$1"])])
])
