# SPDX-License-Identifier: BSD-2-Clause
"""Every text of the product that the e2e tests rely on, in one place.

As in pam_beproduct/core/reason.def (names), core/reason.c (sentences) and
core/words.c (prompt), but typed again: a test that took them from there
would pass with any text.
"""

# The end of the prompt at which a person pastes, as a regular expression.
PROMPT_END = r"Address: "

# What the person is told
ADMIN = ("Sign-in does not work on this host as it is set up. "
         "Please tell its administrator.")
DENIED = "You are not allowed in here. Please ask the administrator of this host."
FAILED = "The sign-in did not succeed. Please start again."
REFUSED = ("BeProduct refused the sign-in. Please start again, "
           "or ask your BeProduct administrator.")
CANCELLED = ("The sign-in was cancelled, or BeProduct does not allow it. Please start again, "
             "or ask your BeProduct administrator.")
LOGIN = "BeProduct did not get your login. Please start again, and sign in on its page."
CONSENT = "BeProduct did not get your consent. Please start again, and agree on its page."
INTERACT = "BeProduct did not get an answer from you. Please start again, and answer on its page."
AGAIN = "That answer could not be used."
CUT = "That answer arrived incomplete"
TRIES = "That answer could not be used, and it was the last try. Please start again."
LATER = ("BeProduct cannot be reached from this host at the moment. "
         "Please try again later.")
MANY = "Too many sign-ins of yours are under way. Please try again in a moment."
OLD = ("You signed in to BeProduct too long ago. Please sign out there in your browser, and "
       "start again.")
LATE = "The time for this sign-in is over. Please start again."
SHORTER = ("No answer arrived. If you pasted a long one, start again, and paste only what stands "
           "between code= and the next &.")
UNASKED = ("You were not asked to sign in with BeProduct, as you must be here. "
           "Please ask the administrator of this host.")
KEY = ("An SSH key alone does not let you in here. "
       "Sign in with: ssh -o PubkeyAuthentication=no")
SUDO = ("sudo did not ask you to sign in. Run sudo -k and try again. If that changes nothing, "
        "please ask the administrator of this host about NOPASSWD.")
SENTENCES = (ADMIN, DENIED, FAILED, REFUSED, CANCELLED, LOGIN, CONSENT, INTERACT, AGAIN, CUT, TRIES, LATER, MANY, LATE,
             OLD, SHORTER, UNASKED, KEY, SUDO)

# reason=NAME in the log
ADMITTED = "ADMITTED"
ROOT = "ROOT"
LOCAL_ACCOUNT = "LOCAL_ACCOUNT"
NO_ACCOUNT = "NO_ACCOUNT"
ROLE = "ROLE"
TENANT = "TENANT"
SCOPE = "SCOPE"
NO_RULE = "NO_RULE"
LOCKED = "LOCKED"
LOCK_UNTOLD = "LOCK_UNTOLD"
RULE_ENDED = "RULE_ENDED"
EMAIL_UNVERIFIED = "EMAIL_UNVERIFIED"
ROLE_TYPE = "ROLE_TYPE"
NO_SIGN_IN = "NO_SIGN_IN"
SSH_NO_SIGN_IN = "SSH_NO_SIGN_IN"
SUDO_NO_SIGN_IN = "SUDO_NO_SIGN_IN"
SSH_NO_PROMPT = "SSH_NO_PROMPT"
ANSWER_REPLACED = "ANSWER_REPLACED"
ACCOUNT_UNKNOWN = "ACCOUNT_UNKNOWN"
TOO_MANY = "TRIES"
NO_CONNECTION = "NO_CONNECTION"
PROXY = "PROXY"
PROVIDER_REFUSED = "PROVIDER_REFUSED"
ACCESS_DENIED = "ACCESS_DENIED"
LOGIN_REQUIRED = "LOGIN_REQUIRED"
CONSENT_REQUIRED = "CONSENT_REQUIRED"
INTERACTION_REQUIRED = "INTERACTION_REQUIRED"
CLIENT_REFUSED = "CLIENT_REFUSED"
STATUS = "STATUS"
BODY = "BODY"
NO_KEYS = "NO_KEYS"
DISCOVERY_ISSUER = "DISCOVERY_ISSUER"
DISCOVERY_ENDPOINT = "DISCOVERY_ENDPOINT"
CALLBACK_ISS = "CALLBACK_ISS"
TOKEN_MISSING = "TOKEN_MISSING"
TOKEN_TYPE = "TOKEN_TYPE"
TOKEN_FORM = "TOKEN_FORM"
TOKEN_ALG = "TOKEN_ALG"
TOKEN_KEY = "TOKEN_KEY"
TOKEN_SIGNATURE = "TOKEN_SIGNATURE"
TOKEN_ISS = "TOKEN_ISS"
TOKEN_AUD = "TOKEN_AUD"
TOKEN_AZP = "TOKEN_AZP"
TOKEN_EXP = "TOKEN_EXP"
TOKEN_IAT = "TOKEN_IAT"
TOKEN_NBF = "TOKEN_NBF"
TOKEN_NONCE = "TOKEN_NONCE"
TOKEN_SUB = "TOKEN_SUB"
TOKEN_AT_HASH = "TOKEN_AT_HASH"
USERINFO_SUB = "USERINFO_SUB"
ACR = "ACR"
ACR_TYPE = "ACR_TYPE"
AMR = "AMR"
AMR_TYPE = "AMR_TYPE"
AUTH_TIME = "AUTH_TIME"
AUTH_TIME_PAST = "AUTH_TIME_PAST"
AUTH_TIME_AHEAD = "AUTH_TIME_AHEAD"
API_EMAIL = "API_EMAIL"
API_TOKEN = "API_TOKEN"
API_FORBIDDEN = "API_FORBIDDEN"
API_NO_USER = "API_NO_USER"
API_USERS = "API_USERS"
API_INACTIVE = "API_INACTIVE"
API_OTHER = "API_OTHER"
DEADLINE = "DEADLINE"
BROKE_OFF = "BROKE_OFF"
SUDO_BROKE_OFF = "SUDO_BROKE_OFF"
CONFIG = "CONFIG"
MAP = "MAP"
SECRET = "SECRET"
FILE_MISSING = "FILE_MISSING"
FILE_UNTRUSTED = "FILE_UNTRUSTED"
FILE_UNREAD = "FILE_UNREAD"
SERVICE_CLOSED = "SERVICE_CLOSED"
ARGUMENT = "ARGUMENT"

# EVENT of a refusal that the administrator has to mend, and of any other
ERROR_EVENT = "error"
REFUSED_EVENT = "refused"
