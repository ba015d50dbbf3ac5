# SPDX-License-Identifier: BSD-2-Clause
# Run as root to run them all; what needs root is skipped for anybody else.
AM_TESTS_ENVIRONMENT = CC='$(CC)'; top_srcdir='$(abs_top_srcdir)'; \
	top_builddir='$(abs_top_builddir)'; export CC top_srcdir top_builddir;
AM_CPPFLAGS += -I$(top_srcdir)/%D%

# What is looked at as it is shipped; sanitizers would change it.
BP_TESTS_SHIPPED = %D%/boundary/test_boundary
TESTS += $(BP_TESTS_SHIPPED)

if HAVE_CMOCKA
bp_unit_tests = \
	%D%/unit/test_account_map \
	%D%/unit/test_api \
	%D%/unit/test_ascii \
	%D%/unit/test_answer \
	%D%/unit/test_authorize \
	%D%/unit/test_base64url \
	%D%/unit/test_buf \
	%D%/unit/test_cache \
	%D%/unit/test_callback \
	%D%/unit/test_challenge \
	%D%/unit/test_claim \
	%D%/unit/test_claims \
	%D%/unit/test_claims_file \
	%D%/unit/test_client \
	%D%/unit/test_config \
	%D%/unit/test_day \
	%D%/unit/test_digest \
	%D%/unit/test_discover \
	%D%/unit/test_drain \
	%D%/unit/test_endpoint \
	%D%/unit/test_exchange \
	%D%/unit/test_expression \
	%D%/unit/test_file \
	%D%/unit/test_form \
	%D%/unit/test_grant \
	%D%/unit/test_host \
	%D%/unit/test_hide \
	%D%/unit/test_holder \
	%D%/unit/test_id_token \
	%D%/unit/test_identity \
	%D%/unit/test_index \
	%D%/unit/test_ini \
	%D%/unit/test_item \
	%D%/unit/test_json \
	%D%/unit/test_judge \
	%D%/unit/test_judge_pin \
	%D%/unit/test_jwks \
	%D%/unit/test_key \
	%D%/unit/test_launch \
	%D%/unit/test_line \
	%D%/unit/test_list \
	%D%/unit/test_lock \
	%D%/unit/test_list_request \
	%D%/unit/test_look_up \
	%D%/unit/test_look_up_request \
	%D%/unit/test_log \
	%D%/unit/test_mailbox \
	%D%/unit/test_map_rule \
	%D%/unit/test_match \
	%D%/unit/test_msg \
	%D%/unit/test_name \
	%D%/unit/test_origin \
	%D%/unit/test_pam_diff \
	%D%/unit/test_pam_edit \
	%D%/unit/test_pam_place \
	%D%/unit/test_pem \
	%D%/unit/test_outage \
	%D%/unit/test_person \
	%D%/unit/test_pin \
	%D%/unit/test_pkce \
	%D%/unit/test_policy \
	%D%/unit/test_proc \
	%D%/unit/test_protocol \
	%D%/unit/test_provider \
	%D%/unit/test_queue \
	%D%/unit/test_random \
	%D%/unit/test_reason \
	%D%/unit/test_redeem \
	%D%/unit/test_renewal \
	%D%/unit/test_renew \
	%D%/unit/test_revoke \
	%D%/unit/test_secret \
	%D%/unit/test_serve \
	%D%/unit/test_service_token \
	%D%/unit/test_setup \
	%D%/unit/test_slot \
	%D%/unit/test_ssh_key \
	%D%/unit/test_takeover \
	%D%/unit/test_text \
	%D%/unit/test_ticket \
	%D%/unit/test_ticket_life \
	%D%/unit/test_token \
	%D%/unit/test_user \
	%D%/unit/test_way_in \
	%D%/unit/test_whose \
	%D%/unit/test_why \
	%D%/unit/test_words
TESTS += $(bp_unit_tests)
# and a person's part for the helper: asks one request over the wire
check_PROGRAMS += $(bp_unit_tests) %D%/support/ask %D%/bench/decide \
	%D%/support/by_script %D%/support/relay \
	%D%/takeover/hostile
endif

LDADD = libbpctl.la libbphelper.la libbpattempt.la libbpcore.la libbpwire.la $(CMOCKA_LIBS)
EXTRA_DIST += %D%/README.md %D%/bench %D%/boundary/test_boundary %D%/boundary/imports \
	%D%/bad_server %D%/conftest.py %D%/ctl %D%/demo %D%/e2e %D%/helper \
	%D%/idp %D%/module %D%/mutation %D%/pytest.ini %D%/run %D%/sanitized \
	%D%/support %D%/takeover/TAKEOVER.md .ci/run .gitignore
# what a build in the tree itself leaves there, and runs of the tests
dist-hook:
	cd "$(distdir)/tests" && find . \( -name __pycache__ -o -name .deps -o \
	    -name .libs -o -name .dirstamp -o -name '*.o' -o -path \
	    ./support/ask -o -name node_modules \) -prune -exec rm -rf {} +
